/** Codecs of a track: bytes in, bytes out, bounded. Knows no file, device or network. Specification: docs/architecture.md, section 4. */
package org.imgblstr.codec;
