/**
 * UDP multicast between one master and its slaves: choice of the interface, sockets, batches, one event loop for each session. Gives an
 * engine datagrams and the time, and knows nothing of what is in a datagram. The only package that uses {@code io.netty.channel}.
 *
 * <p>Sockets are Netty's native epoll ones, with segmentation offload (GSO) towards the wire and coalescing (GRO) from it; where the
 * native library cannot load, or the system property {@code org.imgblstr.transport} is {@code nio}, the ones of the JDK, which do the same
 * more slowly.
 */
package org.imgblstr.protocol.transport;
