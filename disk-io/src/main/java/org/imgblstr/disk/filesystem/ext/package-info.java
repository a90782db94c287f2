/**
 * Used blocks of ext2, ext3 and ext4. {@code ExtReader} is the door; nothing else is for other packages. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem.ext;
