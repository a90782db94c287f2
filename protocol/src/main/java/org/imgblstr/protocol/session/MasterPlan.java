package org.imgblstr.protocol.session;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.imgblstr.codec.CodecId;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.manifest.TrackDigester;
import org.imgblstr.protocol.manifest.store.DigestFile;
import org.imgblstr.protocol.master.MasterEngine;
import org.imgblstr.protocol.master.handshake.KeyWear;
import org.imgblstr.protocol.master.handshake.MasterDoor;
import org.imgblstr.protocol.master.handshake.Refusals;
import org.imgblstr.protocol.master.handshake.SealedMaster;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.silence.NetworkTroubles;
import org.imgblstr.protocol.transport.MasterTransport;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.Secret;

/** What a session needs for its image: memory, the length of symbols, and whether a network carries it at all. */
final class MasterPlan {
    /** A ring holds at least so many of the longest tracks. */
    private static final long LEAST_TRACKS = 8;

    private final long sessionId;
    private final SessionImage image;
    private final MasterOptions options;
    private final int longestTrackBytes;

    MasterPlan(long sessionId, SessionImage image, MasterOptions options) {
        this.sessionId = sessionId;
        this.image = image;
        this.options = options;
        this.longestTrackBytes = EncodedTrack.maxBytes(image.space().geometry().trackBytes());
    }

    /** Bytes of the longest encoded track that the image may have. */
    int longestTrackBytes() {
        return longestTrackBytes;
    }

    /** All tracks of a small image, with as many in front of them as may wait. */
    int ringBytes() {
        long wanted = (image.space().trackCount() * 4L / 3 + 16) * longestTrackBytes;
        return (int) Math.min(Math.max(options.ringBytes(), LEAST_TRACKS * longestTrackBytes), wanted);
    }

    /** Bytes of the shortest symbols of which a track may have enough. */
    private int leastSymbolBytes() {
        return (longestTrackBytes + SectorDataFlyweight.MAX_SOURCE_SYMBOLS - 1)
                / SectorDataFlyweight.MAX_SOURCE_SYMBOLS;
    }

    void checkTrackLength() throws RefusedException {
        int ethernetBytes = Datagram.ETHERNET_SYMBOL_BYTES - options.moreBytes();
        if (leastSymbolBytes() > ethernetBytes) {
            int most = ethernetBytes * SectorDataFlyweight.MAX_SOURCE_SYMBOLS;
            throw new RefusedException(
                    RefusedException.Reason.DOES_NOT_FIT,
                    "the tracks of the image have " + image.space().geometry().trackBytes()
                            + " bytes, encoded at most " + longestTrackBytes + ", expected at most " + most
                            + "; restore the image to a disk without --broadcast, and image that disk anew");
        }
    }

    void checkMtu(NetworkChoice network) throws NetworkException {
        if (symbolBytes(network) < leastSymbolBytes()) {
            throw new NetworkException("MTU of "
                    + network.networkInterface().getName() + " is "
                    + network.mtu() + ", expected at least "
                    + Datagram.mtuOf(leastSymbolBytes() + overheadBytes())
                    + "; raise the MTU of this interface, or choose another interface with --interface");
        }
    }

    /** What tells the operator why the slaves are not heard. */
    NetworkTroubles troubles(NetworkChoice network, MasterListener listener) {
        return new NetworkTroubles(
                network.networkInterface().getName(),
                options.rendezvous().group(),
                listener::onNote,
                listener::onWarning);
    }

    /** Says at which port slaves find the master when other programs have those before; empty when it is the usual one. */
    Optional<String> portNote(InetSocketAddress local) {
        int usual = options.rendezvous().masterPorts().first();
        return local.getPort() == usual
                ? Optional.empty()
                : Optional.of(
                        "UDP port " + usual + " is taken on this host, so the master hears its slaves at UDP port "
                                + local.getPort() + ": a firewall here must let that port in");
    }

    private int symbolBytes(NetworkChoice network) {
        return Math.min(
                Datagram.ETHERNET_SYMBOL_BYTES - options.moreBytes(), network.maxDatagramBytes() - overheadBytes());
    }

    /** Bytes around each symbol on the wire. */
    private int overheadBytes() {
        return SectorDataFlyweight.OVERHEAD_BYTES + options.moreBytes();
    }

    /**
     * The tracks on their way, hashed in a sealed session.
     *
     * @param wake called when something has arrived
     * @param abort called when it cannot go on
     * @param isHashing whether digests of tracks that come now are wanted
     */
    TrackRing ring(
            SessionMemory memory,
            Runnable wake,
            RepairReader repairs,
            MasterListener listener,
            Runnable abort,
            BooleanSupplier isHashing) {
        TrackRing ring = new TrackRing(ringBytes(), memory::take, longestTrackBytes, wake, repairs);
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (options.seal() == null) {
            return ring;
        }
        DigestFile older = DigestFile.onOwnThread(folder, wake, cause -> {
            listener.onWarning(
                    "digests of tracks cannot be kept in " + folder + ", so the session ends: " + cause.getMessage());
            abort.run();
        });
        return ring.hashing(new TrackDigester(), older, isHashing);
    }

    /** Where the engine sends to: the sockets, or in a sealed session what seals for them. {@code onRefused}: takes slaves with a wrong secret. */
    MasterPort port(MasterPort sockets, MasterListener listener, Consumer<RefusedSlave> onRefused) {
        SessionSeal seal = options.seal();
        if (seal == null) {
            return sockets;
        }
        String wrong = seal.secret().kind() == Secret.Kind.CODE ? "wrong join code" : "wrong key file";
        Refusals refusals = new Refusals() {
            @Override
            public void onWrongSecret(InetSocketAddress from, long failed) {
                onRefused.accept(new RefusedSlave(
                        new UUID(0, failed),
                        new SlaveName(0, "", from.getAddress().getHostAddress()),
                        wrong));
            }

            @Override
            public void onKeptOut(InetSocketAddress from) {
                onRefused.accept(new RefusedSlave(
                        new UUID(1, from.getAddress().hashCode()),
                        new SlaveName(0, "", from.getAddress().getHostAddress()),
                        "a slave at this address was removed, so no machine there gets the keys of this session again;"
                                + " start it for the next session"));
            }

            @Override
            public void onLateKeys(InetSocketAddress to) {
                listener.onWarning(
                        to.getAddress().getHostAddress() + " has the secret and is given the keys after a slave was"
                                + " removed: if no slave of yours is there, it may be that one");
            }

            @Override
            public void onForgery(String message) {
                listener.onWarning(message);
            }
        };
        String name = options.rendezvous().sessionName();
        SealedMaster sealed = new SealedMaster(sockets, seal, sessionId, name, KeyWear.USUAL, refusals);
        return options.delta() ? sealed.neverLone() : sealed;
    }

    /** Where datagrams go that come, and ticks: to the engine, or in a sealed session to what opens datagrams for it. */
    static MasterDoor door(MasterPort port, MasterEngine engine) {
        MasterDoor open = MasterDoor.of(engine::onDatagram, engine::onTick);
        return port instanceof SealedMaster sealed ? sealed.to(open) : open;
    }

    /** What the engine is told. {@code ring}: what it sends. */
    MasterConfig config(MasterTransport transport, InetSocketAddress dataGroup, TrackRing ring) {
        NetworkChoice network = transport.network();
        int more = options.moreBytes();
        int largestBytes = network.maxDatagramBytes() - overheadBytes();
        int codecs = 0;
        for (CodecId codec : CodecId.values()) {
            codecs |= codec.bit();
        }
        return new MasterConfig(
                new MasterConfig.Offer(
                        sessionId,
                        options.rendezvous().sessionName(),
                        image,
                        codecs,
                        options.delta(),
                        options.askedOfSlaves()),
                new MasterConfig.SymbolLengths(
                        Math.max(leastSymbolBytes(), Math.min(Datagram.NARROWEST_SYMBOL_BYTES - more, largestBytes)),
                        Math.min(Datagram.JUMBO_SYMBOL_BYTES - more, largestBytes),
                        more),
                new MasterConfig.Addresses(dataGroup, network.nodeAddress()),
                new MasterConfig.StartRule(
                        options.start().slavesWanted(),
                        options.start().waitNs(),
                        options.start().minSlaves(),
                        options.start().expected()),
                options.pace().rateBitsPerSecond(),
                options.pace().slow(),
                ring.guaranteedTracks(longestTrackBytes));
    }
}
