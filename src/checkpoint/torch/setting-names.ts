/** @file Names of module settings for which PyTorch lacks an attribute. */

/** The setting that lists a module's hooks. */
export const HOOKS_SETTING = "forward hooks";

/** The factor that a module's code multiplies by, apart from an attention's own scale. */
export const FACTOR = "factor";
