import type { EngineName } from './engine-name.ts';

/** What one look at an engine gave. */
export type LookedAtEngine = AnsweringEngine | SilentEngine | UnaskedEngine | AbsentEngine;

export interface AnsweringEngine {
  readonly state: 'answers';
  readonly name: EngineName;
  /** Of the program that people type. */
  readonly path: string;
  /** The daemon's, where there is one. */
  readonly version: string;
  /** QEMU's target name of the machine that its containers run on; undefined where it does not tell. */
  readonly architecture: string | undefined;
  /** Its containers belong to a user namespace of this user's. */
  readonly rootless: boolean;
  /** What shows that its containers run under another kernel than this, one clause; undefined where nothing does. */
  readonly elsewhere: string | undefined;
  /** Where its daemon is, `unix:///run/docker.sock`; undefined for an engine without one. */
  readonly endpoint: string | undefined;
  /** The OCI runtime: its name, and the path where the engine tells it. */
  readonly runtime: { readonly name: string; readonly path: string | undefined } | undefined;
  readonly storage: { readonly driver: string; readonly root: string } | undefined;
}

/** It is installed, and does not do what it is asked. */
export interface SilentEngine {
  readonly state: 'silent';
  readonly name: EngineName;
  readonly path: string;
  readonly endpoint: string | undefined;
  readonly silence: Silence;
}

/** It is installed, was not named, and asking it would make its storage or a process of its own. */
export interface UnaskedEngine {
  readonly state: 'unasked';
  readonly name: EngineName;
  readonly path: string;
  readonly reason: string;
}

export interface AbsentEngine {
  readonly state: 'absent';
  readonly name: EngineName;
  readonly reason: string;
}

export interface Silence {
  /**
   * `hangs`: no answer in time; `refused`: this user may not; `not-running`: nobody listens; `no-runtime`: the OCI runtime that it
   * is to use is not there; `failed`: anything else
   */
  readonly why: 'hangs' | 'refused' | 'not-running' | 'no-runtime' | 'failed';
  /** One clause. */
  readonly reason: string;
  /** Its own words, at most some lines. */
  readonly said: string;
}
