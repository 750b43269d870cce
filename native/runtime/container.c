#include <limits.h>
#include <string.h>

#include "json.h"
#include "runtime.h"

/* A member that is looked at: exactly this name, once. */
struct known {
  const char *name;
  bool (*read)(void *context, struct json *json);
};

struct reading {
  const struct known *known;
  unsigned seen;
  void *context;
};

/* Go, in which runtimes are written, takes a name in any case, and the last of several: then nothing is understood. */
static bool read_known(void *context, struct json *json, struct json_string name) {
  struct reading *reading = context;
  for (unsigned index = 0; reading->known[index].name != NULL; index++) {
    const struct known *known = &reading->known[index];
    if (!json_resembles(name, known->name)) continue;
    if (!json_equals(name, known->name) || (reading->seen & 1u << index) != 0) return false;
    reading->seen |= 1u << index;
    return known->read(reading->context, json);
  }
  return json_value(json);
}

static bool read_object(struct json *json, const struct known *known, void *context) {
  struct reading reading = {known, 0, context};
  return json_object(json, read_known, &reading);
}

struct found {
  const unsigned char *behind_devices;
  bool is_left_alone;
  bool in_other_user_namespace;
};

/* The mount that is being read. */
struct mount {
  enum { ELSEWHERE, AT_DEVICES, AT_TREE } place;
  bool is_memory;
  bool is_bind;
};

/* Without what makes no difference in a path; false where it is too long or has a component `..`. */
static bool clean_path(struct json_string string, char *path, size_t size) {
  size_t length = 0;
  size_t component = 0;
  while (true) {
    bool is_end = string.at == string.end;
    unsigned character = is_end ? '/' : json_character(&string);
    if (character == '\0') return false;
    if (character != '/') {
      if (component == 0) path[length++] = '/', component = length;
      if (length + 2 >= size) return false;
      path[length++] = (char)character;
      continue;
    }
    if (component != 0) {
      size_t count = length - component;
      if (count == 2 && memcmp(path + component, "..", 2) == 0) return false;
      if (count == 1 && path[component] == '.') length = component - 1;
      component = 0;
    }
    if (is_end) break;
  }
  path[length] = '\0';
  return true;
}

static bool read_destination(void *context, struct json *json) {
  struct mount *mount = context;
  struct json_string string;
  char path[PATH_MAX];
  if (!json_string(json, &string) || !clean_path(string, path, sizeof path)) return false;
  size_t length = sizeof TREE_TARGET - 1;
  if (strcmp(path, "/dev") == 0) mount->place = AT_DEVICES;
  if (strncmp(path, TREE_TARGET, length) == 0 && (path[length] == '\0' || path[length] == '/'))
    mount->place = AT_TREE;
  return true;
}

static bool read_type(void *context, struct json *json) {
  struct mount *mount = context;
  struct json_string string;
  if (!json_string(json, &string)) return false;
  mount->is_memory = json_equals(string, "tmpfs");
  return true;
}

static bool read_option(void *context, struct json *json) {
  struct mount *mount = context;
  struct json_string string;
  if (!json_string(json, &string)) return false;
  if (json_equals(string, "bind") || json_equals(string, "rbind")) mount->is_bind = true;
  return true;
}

static bool read_options(void *context, struct json *json) { return json_array(json, read_option, context); }

static bool read_mount(void *context, struct json *json) {
  static const struct known known[] = {
      {"destination", read_destination}, {"type", read_type}, {"options", read_options}, {NULL, NULL}};
  struct found *found = context;
  struct mount mount = {ELSEWHERE, false, false};
  if (!read_object(json, known, &mount)) return false;
  if (mount.place == AT_TREE) found->is_left_alone = true;
  if (mount.place == AT_DEVICES)
    found->behind_devices = mount.is_memory && !mount.is_bind ? json->at : NULL;
  return true;
}

static bool read_mounts(void *context, struct json *json) { return json_array(json, read_mount, context); }

static bool read_variable(void *context, struct json *json) {
  struct found *found = context;
  struct json_string string;
  if (!json_string(json, &string)) return false;
  if (json_equals(string, "ANYARCH_ACCELERATE=0")) found->is_left_alone = true;
  return true;
}

static bool read_environment(void *context, struct json *json) {
  return json_array(json, read_variable, context);
}

static bool read_capability(void *context, struct json *json) {
  struct found *found = context;
  struct json_string string;
  if (!json_string(json, &string)) return false;
  if (json_resembles(string, "CAP_SYS_ADMIN")) found->is_left_alone = true;
  return true;
}

static bool read_capability_set(void *context, struct json *json, struct json_string name) {
  (void)name;
  if (json->at < json->end && *json->at == 'n') return json_value(json);
  return json_array(json, read_capability, context);
}

/* Who may mount could make the tree writable, and be one of its owner's user ids. */
static bool read_capabilities(void *context, struct json *json) {
  return json_object(json, read_capability_set, context);
}

static bool read_process(void *context, struct json *json) {
  static const struct known known[] = {
      {"env", read_environment}, {"capabilities", read_capabilities}, {NULL, NULL}};
  return read_object(json, known, context);
}

static bool read_namespace_type(void *context, struct json *json) {
  struct found *found = context;
  struct json_string string;
  if (!json_string(json, &string)) return false;
  if (json_equals(string, "user")) found->in_other_user_namespace = true;
  return true;
}

static bool read_namespace(void *context, struct json *json) {
  static const struct known known[] = {{"type", read_namespace_type}, {NULL, NULL}};
  return read_object(json, known, context);
}

static bool read_namespaces(void *context, struct json *json) {
  return json_array(json, read_namespace, context);
}

static bool read_linux(void *context, struct json *json) {
  static const struct known known[] = {{"namespaces", read_namespaces}, {NULL, NULL}};
  return read_object(json, known, context);
}

bool understand_container(const unsigned char *text, size_t length, struct container *container) {
  static const struct known known[] = {
      {"mounts", read_mounts}, {"process", read_process}, {"linux", read_linux}, {NULL, NULL}};
  struct json json = {text, text + length, 0};
  struct found found = {NULL, false, false};
  json_space(&json);
  if (!read_object(&json, known, &found)) return false;
  json_space(&json);
  if (json.at != json.end || found.behind_devices == NULL || found.is_left_alone) return false;
  container->behind_devices = (size_t)(found.behind_devices - text);
  container->in_other_user_namespace = found.in_other_user_namespace;
  return true;
}
