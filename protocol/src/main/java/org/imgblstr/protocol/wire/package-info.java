/**
 * The eleven commands of the wire: one flyweight for each, views of bytes that remember nothing. Knows no socket, thread, clock, engine or
 * session state. Specification: docs/protocol.md.
 */
package org.imgblstr.protocol.wire;
