/**
 * LVM physical volumes: {@code LvmReader} is the door for used extents, {@code LvmLayout} for the places of logical volumes. What lies in a
 * logical volume is told by whoever makes the reader. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem.lvm;
