/* Which addresses a model may put on the page. */

const LINK_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);
const INLINE_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/i;

/** The address of a link to the web or to a mailbox; null for everything else. */
export function safeLink(address) {
  const plain = address.replace(/[\u0000-\u0020\u007f-\u009f]/g, "");
  if (!/^(?:https?:\/\/|mailto:)/i.test(plain) || !URL.canParse(plain)) return null;
  return LINK_PROTOCOLS.has(new URL(plain).protocol) ? plain : null;
}

/** The source of an image that carries its own bytes; null for all that would be fetched. */
export function imageSource(address) {
  return INLINE_IMAGE.test(address) ? address : null;
}
