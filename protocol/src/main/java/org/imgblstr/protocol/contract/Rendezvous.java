package org.imgblstr.protocol.contract;

import java.net.InetSocketAddress;

/**
 * Where masters and slaves find each other.
 *
 * @param interfaceName name or address of the interface; null lets the program choose
 * @param group rendezvous group and port; the data group of a session has the same port
 * @param masterPorts where a master hears its slaves
 * @param sessionName the name of the session, at most 64 bytes of UTF-8; "" when none: a slave then joins any session when there is only one
 */
public record Rendezvous(String interfaceName, InetSocketAddress group, PortRange masterPorts, String sessionName) {}
