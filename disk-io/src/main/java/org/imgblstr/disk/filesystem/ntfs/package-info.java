/**
 * Used clusters of NTFS. {@code NtfsReader} is the door; nothing else is for other packages. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem.ntfs;
