/**
 * Signatures: where they lie on a disk or a volume, and what they mean. Tells what is there, and never what of it is used. Sources: the
 * specifications and libblkid, as docs/used-blocks.md says.
 */
package org.imgblstr.disk.signature;
