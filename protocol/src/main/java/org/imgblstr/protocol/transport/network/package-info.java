/**
 * Which network interface a session uses, from what the operator named and what the kernel tells. Must not know sockets or sessions.
 */
package org.imgblstr.protocol.transport.network;
