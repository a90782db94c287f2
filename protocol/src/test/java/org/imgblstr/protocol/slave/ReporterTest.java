package org.imgblstr.protocol.slave;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.slave.tracks.DiskComparison;
import org.imgblstr.protocol.slave.tracks.Holdings;
import org.imgblstr.protocol.slave.tracks.TrackTable;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.junit.jupiter.api.Test;

/** Box 408, with the time as a number: a slave of 400 tracks with four slots, of a master that holds thirty tracks. */
class ReporterTest {
    private static final long MS = 1_000_000;
    private static final int TRACKS = 400;
    private static final int SLOTS = 4;
    private static final InetSocketAddress MASTER = new InetSocketAddress("10.0.0.1", 4000);

    private final SentReports sent = new SentReports();
    private final OrderedDisk disk = new OrderedDisk();
    private final Holdings held =
            new Holdings(space(), disk, SLOTS, bytes -> new SymbolMemory(ByteBuffer.allocate(bytes)), 30, null, 0);
    private final TrackTable tracks = held.tracks();
    private final ReceptionMeter reception = new ReceptionMeter();
    private final Announcement session = new Announcement(
            7,
            new SessionImage(new UUID(1, 2), "test", space(), 0),
            new DatagramPath(),
            30,
            false,
            new MasterPlace(MASTER),
            MASTER);
    private Reporter reporter = reporter(null);
    private long nowNs;

    private static TrackSpace space() {
        Geometry geometry = new Geometry(512, 4, 8, TRACKS * 8);
        return new TrackSpace(geometry, List.of(new Region(0, 0, TRACKS * 8, "")));
    }

    private Reporter reporter(DiskComparison comparison) {
        SlaveConfig config = new SlaveConfig(
                new SlaveIdentity(new UUID(7, 1), 99, "test", SlaveMachine.UNKNOWN),
                new SessionChoice("", SessionChoice.Patience.FOR_EVER, 0, Set.of(), true),
                1 << 20,
                512,
                SLOTS,
                1444,
                true);
        ReportTimer timer = new ReportTimer(new Confirmation(3, 20 * MS, 1, 0, false), new SplittableRandom(1), 0);
        held.slots().symbolBytes(1024);
        return new Reporter(new SlaveCommands(config, sent), session, 3, timer, held, comparison, reception);
    }

    /** The next report, which is due in a second at the latest. */
    private ResendRequestFlyweight report() {
        nowNs += 1000 * MS;
        reporter.report(nowNs);
        return sent.last();
    }

    private static List<String> records(ResendRequestFlyweight request) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < request.records(); i++) {
            records.add(request.firstTrack(i) + "+" + request.count(i) + " needs " + request.symbolsNeeded(i));
        }
        return records;
    }

    @Test
    void theFirstReportIsDueAtOnceAndTheNextOneAnIntervalLater() {
        long waitNs = reporter.report(0);

        assertThat(sent.count).isEqualTo(1);
        assertThat(reporter.isDue(waitNs - 1)).isFalse();
        assertThat(reporter.report(waitNs - 1)).isEqualTo(1);
        assertThat(reporter.isDue(waitNs)).isTrue();
    }

    @Test
    void itSaysWhatIsHereAndHowMuchWasLost() {
        tracks.onHeardOf(9, true);
        tracks.settle(0, 7);
        held.onSkipped(0, 5, TrackKind.ZERO);
        reception.onRun(100, 8);
        reception.onRun(110, 1);
        reporter.socketDrops(2);

        ResendRequestFlyweight request = report();

        assertThat(request.slave()).isEqualTo(3);
        assertThat(request.nonce()).isEqualTo(99);
        assertThat(request.goodUpTo()).isEqualTo(5);
        assertThat(request.tracksDone()).isEqualTo(5);
        assertThat(request.tracksMissing()).isEqualTo(3);
        assertThat(request.highest()).isEqualTo(10);
        assertThat(request.windowEnd()).isEqualTo(10 + SLOTS);
        assertThat(request.received()).isEqualTo(9);
        assertThat(request.lost()).isEqualTo(2);
        assertThat(request.dropped()).isEqualTo(2);
        assertThat(request.sequenceSeen()).isEqualTo(110);
        assertThat(request.status()).isZero();
    }

    @Test
    void itAsksForClosedTracksOnlyAndForPartsOfThoseThatAreHalfHere() {
        tracks.onHeardOf(9, false);
        tracks.settle(2, 5);
        TrackSlot half = tracks.begin(6, SectorDataFlyweight.ALONE, 3);

        ResendRequestFlyweight request = report();

        assertThat(half.deficit()).isEqualTo(3);
        assertThat(records(request)).containsExactly("0+2 needs 0", "5+1 needs 0", "6+1 needs 3", "7+2 needs 0");
        assertThat(request.generation(2)).isEqualTo(SectorDataFlyweight.ALONE);
    }

    @Test
    void whileThePassRunsItAsksForNothingThatTheMasterNoLongerHolds() {
        tracks.onHeardOf(39, true);
        tracks.settle(20, 40);
        assertThat(records(report())).containsExactly("10+10 needs 0");

        reporter.onAllSent();

        assertThat(records(report())).containsExactly("0+20 needs 0");
    }

    @Test
    void withoutRoomItHoldsTheMasterAndAsksForNoWholeTrack() {
        tracks.onHeardOf(9, true);
        for (int track = 4; track < 4 + SLOTS; track++) {
            tracks.begin(track, 0, 2);
        }

        ResendRequestFlyweight request = report();

        assertThat(request.has(ResendRequestFlyweight.HOLD)).isTrue();
        assertThat(records(request)).containsExactly("4+1 needs 2", "5+1 needs 2", "6+1 needs 2", "7+1 needs 2");
    }

    @Test
    void tracksThatAreWantedInAnotherWayAreAskedForApart() {
        tracks.onHeardOf(9, true);
        tracks.settle(5, 10);
        tracks.links().wantAlone(2);

        ResendRequestFlyweight request = report();

        assertThat(records(request)).containsExactly("0+2 needs 0", "2+1 needs 0", "3+2 needs 0");
        assertThat(request.generation(1)).isEqualTo(SectorDataFlyweight.ALONE);
    }

    @Test
    void moreThanFitsIntoOneReportIsAskedForByTheNextOnes() {
        tracks.onSentUpTo(TRACKS);
        reporter.onAllSent();
        for (int track = 1; track < TRACKS; track += 2) {
            tracks.settle(track, track + 1);
        }

        ResendRequestFlyweight first = report();
        int asked = 2 * ResendRequestFlyweight.MAX_RECORDS;
        assertThat(records(first)).hasSize(ResendRequestFlyweight.MAX_RECORDS).startsWith("0+1 needs 0");

        for (int track = 0; track < asked; track += 2) {
            tracks.settle(track, track + 1);
        }
        assertThat(records(report()))
                .hasSize(Math.min(ResendRequestFlyweight.MAX_RECORDS, (TRACKS - asked) / 2))
                .startsWith(asked + "+1 needs 0");
    }

    @Test
    void nothingIsCalledMissingNoMoreBeforeTheDiskIsSynced() {
        tracks.onHeardOf(TRACKS - 1, true);
        tracks.settle(0, TRACKS);
        held.onSkipped(0, TRACKS - 1, TrackKind.ZERO);
        assertThat(report().status())
                .as("a track is with the disk, the pass runs")
                .isZero();
        held.onDone(TRACKS - 1, 1);
        assertThat(disk.syncs).isEqualTo(1);
        assertThat(report().status()).isEqualTo(ResendRequestFlyweight.VERIFYING);

        held.tally().onSynced("", "");

        assertThat(report().status()).isEqualTo(ResendRequestFlyweight.NOTHING_MISSING);
    }

    @Test
    void aDiskThatFailedIsNamed() {
        held.tally().onError(5);

        ResendRequestFlyweight request = report();

        assertThat(request.has(ResendRequestFlyweight.DISK_ERROR)).isTrue();
        assertThat(request.errno()).isEqualTo(5);
    }

    @Test
    void untilTheDiskWasComparedOnlyDigestsAndHalfTracksAreAskedFor() {
        reporter = reporter(new DiskComparison(disk, held, true));
        tracks.onHeardOf(9, true);
        tracks.begin(3, 0, 2);

        assertThat(records(report())).containsExactly("3+1 needs 2", TRACKS + "+1 needs 0");

        reporter.onAllSent();
        ResendRequestFlyweight request = report();

        assertThat(records(request)).containsExactly(TRACKS + "+1 needs 0");
        assertThat(request.has(ResendRequestFlyweight.VERIFYING)).isTrue();
    }

    /** The network of a slave that keeps the last report. */
    private static final class SentReports implements SlavePort {
        private ByteBuf datagram;
        private int count;

        ResendRequestFlyweight last() {
            ResendRequestFlyweight request = new ResendRequestFlyweight().wrap(datagram);
            assertThat(request.isValid(TRACKS, TRACKS + 1)).isTrue();
            return request;
        }

        @Override
        public ByteBuf allocate(int bytes) {
            return Unpooled.buffer(bytes);
        }

        @Override
        public void send(ByteBuf sent, InetSocketAddress to) {
            assertThat(to).isEqualTo(MASTER);
            datagram = sent;
            count++;
        }

        @Override
        public void joinData(InetSocketAddress group) {}

        @Override
        public void leaveData() {}

        @Override
        public void rejoinData() {}
    }

    /** A disk that is only asked to sync. */
    private static final class OrderedDisk implements SlaveDisk {
        private int syncs;

        @Override
        public void check(SessionImage image) {
            throw new AssertionError();
        }

        @Override
        public void open(SessionImage image, AfterCopy asked) {
            throw new AssertionError();
        }

        @Override
        public void write(TrackSlot slot) {
            throw new AssertionError();
        }

        @Override
        public void giveUp(int track) {
            throw new AssertionError();
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            throw new AssertionError();
        }

        @Override
        public void decodeDigests(TrackSlot slot) {
            throw new AssertionError();
        }

        @Override
        public void hash(boolean isHashed) {
            throw new AssertionError();
        }

        @Override
        public void compare(int firstTrack, int count, ByteBuffer leaves) {
            throw new AssertionError();
        }

        @Override
        public void sync() {
            syncs++;
        }
    }
}
