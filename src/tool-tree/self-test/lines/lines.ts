/** Lines by the tool's name. The first is what costs next to nothing: the tool's start-up is measured by it. */
export type Lines = Readonly<Record<string, readonly string[]>>;
