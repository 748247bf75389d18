declare function minimist(args?: readonly string[], options?: minimist.Options): minimist.Parsed;

declare namespace minimist {
  interface Options {
    string?: string | readonly string[];
    boolean?: boolean | string | readonly string[];
    alias?: Readonly<Record<string, string | readonly string[]>>;
    default?: Readonly<Record<string, unknown>>;
    stopEarly?: boolean;
    '--'?: boolean;
    unknown?: (arg: string) => boolean;
  }

  interface Parsed {
    [name: string]: any;
    _: string[];
  }
}

export = minimist;
