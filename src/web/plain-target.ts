/**
 * Whether a request's target is a path as it is meant: an absolute form is for proxies, and would bring a host of its own; a
 * path with `..`, empty segments or hidden slashes reads differently to a proxy in front than to us.
 */
export function isPlainTarget(target: string | undefined): boolean {
  if (!target?.startsWith("/") || /%(?![0-9a-f]{2})/i.test(target)) return false;
  const [path = ""] = target.split("?", 1);
  const segments = path.slice(1).split("/");
  return segments.every((segment, index) => isPlain(segment) && (segment !== "" || index === segments.length - 1));
}

function isPlain(segment: string): boolean {
  try {
    const text = decodeURIComponent(segment);
    return text !== "." && text !== ".." && !/[/\\?#\p{Cc}]/u.test(text) && !/[^\x21-\x7e]/.test(segment);
  } catch {
    return false;
  }
}
