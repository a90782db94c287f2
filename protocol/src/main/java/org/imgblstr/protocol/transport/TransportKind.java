package org.imgblstr.protocol.transport;

import io.netty.channel.epoll.Epoll;

/** Which sockets a transport uses. */
public enum TransportKind {
    /** Netty's native ones; Linux on x86-64 or aarch64 with glibc. */
    EPOLL,
    /** Those of the JDK. */
    NIO;

    /** System property that chooses: {@code nio} or {@code epoll}. */
    public static final String PROPERTY = "org.imgblstr.transport";

    /** EPOLL where its native library loads and the property does not say {@code nio}. */
    public static TransportKind best() {
        return "nio".equals(System.getProperty(PROPERTY)) || !Epoll.isAvailable() ? NIO : EPOLL;
    }
}
