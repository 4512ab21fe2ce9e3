/** Answers of the Query protocol: XML, in the namespace of the API. */

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** What an element holds: text, other elements, or nothing, and then it is left out. */
type Content = string | number | Elements | undefined;
export interface Elements {
  readonly [name: string]: Content;
}

/** The answer of an action. */
export function resultXml(action: string, result: Elements, requestId: string): string {
  return documentXml(`${action}Response`, {
    [`${action}Result`]: result,
    ResponseMetadata: { RequestId: requestId },
  });
}

/** The answer to a refused request. */
export function errorXml(
  type: "Sender" | "Receiver",
  code: string,
  message: string,
  requestId: string,
): string {
  return documentXml("ErrorResponse", {
    Error: { Type: type, Code: code, Message: message },
    RequestId: requestId,
  });
}

function documentXml(name: string, elements: Elements): string {
  return `<${name} xmlns="${NAMESPACE}">${contentXml(elements)}</${name}>\n`;
}

function contentXml(elements: Elements): string {
  return Object.entries(elements)
    .map(([name, content]) => {
      if (content === undefined) return "";
      const inner = typeof content === "object" ? contentXml(content) : escaped(String(content));
      return `<${name}>${inner}</${name}>`;
    })
    .join("");
}

/** XML 1.0 §2.2: what is no character of a document, such as half a surrogate pair, becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}
