/**
 * Used bytes of Btrfs. {@code BtrfsReader} is the door; nothing else is for other packages. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem.btrfs;
