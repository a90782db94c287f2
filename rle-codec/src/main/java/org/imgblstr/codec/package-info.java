/**
 * Codecs of a track: bytes in, bytes out, bounded; and the checksums that say what the bytes were. Knows no file, device or
 * network. Specification: docs/architecture.md, section 4, and docs/rle-format.md.
 */
package org.imgblstr.codec;
