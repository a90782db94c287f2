/**
 * What stands between the engine of a master and its sockets in a sealed session: who knows the secret gets the keys, what goes out is sealed, what
 * comes in is opened. The engine does not know of it. No I/O, no clock; random bytes come in. Specification: docs/security.md, sections 4 to 6.
 */
package org.imgblstr.protocol.master.handshake;
