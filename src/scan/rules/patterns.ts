/** A UUID in any case. */
export const uuid = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

/** Nothing of a token behind it: what is longer is another thing. */
export const end = "(?![\\w-])";

export const base64url = "[A-Za-z0-9_-]";
