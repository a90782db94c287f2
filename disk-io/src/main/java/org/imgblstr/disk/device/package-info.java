/**
 * Disks: block devices and regular files that stand for them. Opens, reads with the patent's five tries, writes, zeroes, syncs, tells
 * what is on a disk and refuses what is not safe. Knows no network. Specification: docs/architecture.md.
 */
package org.imgblstr.disk.device;
