package org.imgblstr.protocol.transport;

import java.io.IOException;

/** The master's side: sends to groups and to single slaves, hears what slaves send to its port. */
public final class MasterTransport extends Transport {
    /** A thousand slaves that report at once, 2 KiB of kernel memory each, twice over. */
    private static final int RECEIVE_BYTES = 4 << 20;

    private MasterTransport(NetworkChoice network, TransportKind kind) {
        super(network, kind);
    }

    /**
     * Opens the master's socket: the address of the interface, a port that the kernel chooses. Groups are reached through this interface
     * only, with a TTL of 1, and also heard on this host.
     *
     * @throws IOException when the kernel refuses
     */
    public static MasterTransport open(NetworkChoice network) throws IOException {
        return open(network, TransportKind.best());
    }

    /** As {@link #open(NetworkChoice)}, with the sockets named. */
    public static MasterTransport open(NetworkChoice network, TransportKind kind) throws IOException {
        MasterTransport transport = new MasterTransport(network, kind);
        try {
            transport.openUnicast(RECEIVE_BYTES);
            return transport;
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }
}
