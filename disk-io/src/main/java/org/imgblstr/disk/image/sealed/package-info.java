/**
 * Images that are encrypted, signed, or have a digest for each track: boxes, key slots, digest records, signatures. Knows bytes and keys, and neither files
 * nor records. Specification: docs/image-format.md, sections 8 and 9.
 */
package org.imgblstr.disk.image.sealed;
