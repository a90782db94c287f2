/**
 * What stands between the engine of a slave and its sockets in a sealed session: proves the secret to each master that it hears, and shows the engine only
 * sessions whose masters have proven it too, in the open layout. No I/O, no clock; random bytes come in. Specification: docs/security.md, sections 4 to 6.
 */
package org.imgblstr.protocol.slave.handshake;
