/**
 * Used extents of LVM physical volumes. {@code LvmReader} is the door; what lies in a logical volume is told by whoever makes it.
 * Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem.lvm;
