/**
 * The disk of a slave, from a complete track in its slot to bytes that were read back: the orders of the engine, the answers of the disk, and
 * the desk that carries the orders out. Knows no network, starts no thread, reads no clock. Specification: docs/architecture.md, section 6.
 */
package org.imgblstr.protocol.slave.disk;
