/**
 * The manifest of a sealed session: a SHA-256 for each track, signed by the master, and what a slave makes of it. Must not know datagrams, slots,
 * disks or time. Specification: docs/security.md, section 7.
 */
package org.imgblstr.protocol.manifest;
