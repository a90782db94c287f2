/**
 * Disks: block devices and regular files that stand for them. Opens, reads, writes, zeroes, syncs, and tells what is on a disk and what the
 * system uses it for. Knows no network. Specification: docs/architecture.md.
 */
package org.imgblstr.disk.device;
