package org.imgblstr.protocol.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.flow.FlowControl;
import org.imgblstr.protocol.master.flow.RateWatch;
import org.imgblstr.protocol.master.membership.Membership;
import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.resend.Repairs;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.master.sending.SymbolSize;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.master.tracks.LeafTable;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RateController;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/** The parts of a master, put together as its engine does and without that engine. The time is a field; what is sent is kept. */
public final class MasterParts extends ToldEvents implements MasterPort, TrackSupply {
    public static final long MS = 1_000_000;
    public static final long SECOND = 1_000 * MS;
    public static final int SYMBOL_BYTES = 256;

    /** Source symbols of each track: 8 KiB and a header, the last symbol is short. */
    public static final int K = 33;

    private static final int TRACKS = 6000;
    private static final int SECTORS_PER_TRACK = 16;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 4000);

    /** A datagram of Sector Data that was sent to the data group. */
    public record Symbol(
            int track, int symbol, boolean isFlush, int planned, int sequence, int generation, int bytes) {}

    public long nowNs = 7 * SECOND;
    public final List<Symbol> symbols = new ArrayList<>();
    /** Datagrams of each call that sent to the data group. */
    public final List<Integer> batches = new ArrayList<>();

    /** Commands to the data group and to single slaves, without data. */
    public final List<CommandType> commands = new ArrayList<>();

    /** Nonces of slaves that are to read nothing more. */
    public final List<Long> excluded = new ArrayList<>();

    /** Nonces of slaves whose address gets no keys any more. */
    public final List<Long> barred = new ArrayList<>();

    /** Nonces of the slaves that went on when one was barred last. */
    public Set<Long> partakers = Set.of();

    public final List<Integer> requested = new ArrayList<>();
    public final List<Integer> released = new ArrayList<>();
    public final Map<Integer, ByteBuffer> supplied = new HashMap<>();
    public int advanced;
    public long wireBytes;

    public final SlaveTable slaves = new SlaveTable();
    public final KindMap kinds = new KindMap();
    public final ParityPlan parity = new ParityPlan();
    public final RepairLedger ledger = new RepairLedger(TRACKS + 10);
    public final Pacer pacer;
    public final TrackSpace space;
    public final EngineTracks tracks;
    public final SymbolSize size;
    public final TrackSender sender;
    public final Membership membership;
    public final SlowLadder ladder;
    public final RateWatch rates;
    public final FlowControl flow;
    public final Repairs repairs;
    private int reportSequence;

    public MasterParts() {
        this(SlowPolicy.LADDER);
    }

    public MasterParts(SlowPolicy slow) {
        this(slow, 1);
    }

    /** {@code slavesWanted}: decides how often slaves report. */
    public MasterParts(SlowPolicy slow, int slavesWanted) {
        this(slow, slavesWanted, MasterConfig.SymbolLengths.of(SYMBOL_BYTES));
    }

    /** A session in which slaves have proven a secret. */
    public static MasterParts ofSealedSession() {
        return new MasterParts(
                SlowPolicy.LADDER,
                1,
                new MasterConfig.SymbolLengths(SYMBOL_BYTES, SYMBOL_BYTES, SealedLayout.MORE_BYTES));
    }

    private MasterParts(SlowPolicy slow, int slavesWanted, MasterConfig.SymbolLengths lengths) {
        long sectors = (long) TRACKS * SECTORS_PER_TRACK;
        space = new TrackSpace(
                new Geometry(512, 4, SECTORS_PER_TRACK, sectors), List.of(new Region(0, 0, sectors, "")));
        MasterConfig config = new MasterConfig(
                new MasterConfig.Offer(1, "", new SessionImage(new UUID(1, 2), "parts", space, 0), 15, false),
                lengths,
                new MasterConfig.Addresses(ADDRESS, 0),
                new MasterConfig.StartRule(slavesWanted, Long.MAX_VALUE, 1),
                0,
                slow,
                100);
        RateController controller = new RateController(0);
        pacer = new Pacer(controller.rate(), false);
        pacer.start(nowNs);
        ReportInterval interval = new ReportInterval(slaves, slavesWanted);
        MasterCommands writer = new MasterCommands(config, this);
        tracks = new EngineTracks(TRACKS, this, new LeafTable(space, kinds), null, () -> false);
        size = new SymbolSize(config, slaves, this::onWarning);
        sender = new TrackSender(config, size, this, tracks, pacer, ledger, parity);
        membership = new Membership(config, slaves, size, writer, sender, this, interval);
        ladder = new SlowLadder(config, slaves, membership, this, interval);
        rates = new RateWatch(slaves, controller, pacer, sender, ladder, interval);
        flow = new FlowControl(size, slaves, sender, rates, ladder, interval);
        repairs = new Repairs(kinds, ledger, parity, tracks, flow, sender, ladder);
    }

    /** The bytes of a track as it comes from the source: not to be compressed, so {@link #K} symbols. */
    public static ByteBuffer encoded(int track) {
        byte[] raw = new byte[SECTORS_PER_TRACK * 512];
        new SplittableRandom(track).nextBytes(raw);
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(raw.length));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.parse("none"))) {
            encoder.encode(track, ByteBuffer.wrap(raw), out);
        }
        return out;
    }

    /** Holds tracks that the pass has sent already, without sending them. */
    public void holdSent(int count) {
        for (int i = 0; i < count; i++) {
            supplied.put(kinds.endTrack(), encoded(kinds.endTrack()));
            kinds.append(1, TrackKind.DATA);
        }
    }

    /** Tracks of the pass that are no longer held. */
    public void sendAndForget(int count) {
        kinds.append(count, TrackKind.DATA);
    }

    /** Sends the next track of the pass. */
    public void sendTrack() {
        int track = kinds.endTrack();
        supplied.put(track, encoded(track));
        tracks.note(new Data(track));
        sender.beginTrack(track);
        sendAll();
    }

    /** Sends all batches of what was begun. */
    public void sendAll() {
        while (sender.isBusy()) {
            sender.sendBatch(nowNs);
        }
    }

    /** A slave that has joined and not reported. Slaves with the same id are lives of one slave. */
    public SlaveEntry join(long nonce, long id) {
        membership.onRsvp(rsvp(nonce, id, wish -> wish), address(nonce), kinds, false, nowNs);
        return slaves.ofNonce(nonce);
    }

    public static InetSocketAddress address(long nonce) {
        return new InetSocketAddress("10.0.1." + nonce, 5000);
    }

    public ByteBuf rsvp(long nonce, long id, UnaryOperator<RsvpFlyweight> change) {
        ByteBuf datagram = Unpooled.buffer(1024);
        RsvpFlyweight rsvp = new RsvpFlyweight()
                .wrapForWriting(datagram, 0)
                .session(1)
                .sequence(1)
                .nonce(nonce)
                .slaveId(new UUID(0, id))
                .deviceBytes(1L << 40)
                .sectorBytes(512)
                .codecs(15)
                .largestSymbol(1444)
                .windowTracks(100)
                .intent(RsvpFlyweight.JOIN)
                .label("pc-" + id);
        change.apply(rsvp).seal();
        return datagram;
    }

    /** A slave that has joined and reported that it follows and has much room. */
    public SlaveEntry follower(long nonce) {
        SlaveEntry slave = join(nonce, nonce);
        report(slave, request -> request);
        return slave;
    }

    /** A report of a slave that has seen all that was sent; {@code change} says what else it says. */
    public void report(SlaveEntry slave, UnaryOperator<ResendRequestFlyweight> change) {
        membership.onReport(request(slave, change), slave.address(), kinds, nowNs);
    }

    public ResendRequestFlyweight request(SlaveEntry slave, UnaryOperator<ResendRequestFlyweight> change) {
        ResendRequestFlyweight request = new ResendRequestFlyweight()
                .wrapForWriting(Unpooled.buffer(2048), 0)
                .session(1)
                .sequence(++reportSequence)
                .slave(slave.index())
                .nonce(slave.nonce())
                .sequenceSeen(sender.sequence())
                .highest(kinds.endTrack())
                .windowEnd(Math.min(TRACKS, kinds.endTrack() + 1000));
        ResendRequestFlyweight changed = change.apply(request);
        changed.seal();
        if (!changed.isValid(TRACKS, TRACKS + 10)) {
            throw new AssertionError("the test writes an invalid request");
        }
        return changed;
    }

    private ByteBuf disconnect(SlaveEntry slave, long nonce, Result result) {
        ByteBuf datagram = Unpooled.buffer(512);
        new DisconnectFlyweight()
                .wrapForWriting(datagram, 0)
                .session(1)
                .sequence(++reportSequence)
                .slave(slave.index())
                .nonce(nonce)
                .result(result)
                .digest(new byte[32])
                .seal();
        return datagram;
    }

    public void disconnectCame(SlaveEntry slave, long nonce, boolean isLobby, Result result) {
        membership.onDisconnect(disconnect(slave, nonce, result), slave.address(), TRACKS, isLobby, nowNs);
    }

    // ---- port

    @Override
    public InetSocketAddress feedback() {
        return ADDRESS;
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return Unpooled.buffer(bytes);
    }

    @Override
    public void send(ByteBuf datagram, long nonce, InetSocketAddress to) {
        commands.add(Datagram.command(datagram, datagram.readerIndex()));
        datagram.release();
    }

    @Override
    public void exclude(long nonce, long nowNs) {
        excluded.add(nonce);
    }

    @Override
    public void bar(long nonce, Set<Long> others) {
        barred.add(nonce);
        partakers = others;
    }

    @Override
    public void announce(ByteBuf datagram) {
        datagram.release();
    }

    @Override
    public void multicast(ByteBuf datagrams, int datagramBytes) {
        int count = 0;
        while (datagrams.isReadable()) {
            ByteBuf datagram = datagrams.readSlice(Math.min(datagramBytes, datagrams.readableBytes()));
            wireBytes += datagram.readableBytes() + Pacer.FRAME_BYTES;
            count++;
            keep(datagram);
        }
        batches.add(count);
        datagrams.release();
    }

    private void keep(ByteBuf datagram) {
        CommandType type = Datagram.command(datagram, datagram.readerIndex());
        if (type != CommandType.SECTOR_DATA && type != CommandType.SECTOR_DATA_AND_FLUSH) {
            commands.add(type);
            return;
        }
        SectorDataFlyweight data = new SectorDataFlyweight().wrap(datagram);
        if (!Datagram.isSound(datagram) || !data.isValid(TRACKS + 10, SYMBOL_BYTES)) {
            throw new AssertionError("the sender wrote an invalid datagram");
        }
        symbols.add(new Symbol(
                data.track(),
                data.symbol(),
                data.isFlush(),
                data.planned(),
                data.sequence(),
                data.generation(),
                data.payloadBytes()));
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    // ---- supply

    @Override
    public Item next() {
        return null;
    }

    @Override
    public void advance() {
        advanced++;
    }

    @Override
    public ByteBuffer held(int track) {
        ByteBuffer bytes = supplied.get(track);
        return bytes == null ? null : bytes.duplicate();
    }

    @Override
    public void request(int track) {
        requested.add(track);
    }

    @Override
    public void forget(int endTrack) {
        supplied.keySet().removeIf(track -> track < endTrack);
    }

    @Override
    public void release(int track) {
        released.add(track);
    }
}
