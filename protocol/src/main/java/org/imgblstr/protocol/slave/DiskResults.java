package org.imgblstr.protocol.slave;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.disk.DiskAnswers;
import org.imgblstr.protocol.slave.tracks.Holdings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Box 405 of FIG. 4: what the engine makes of the answers of its disk. One thread. */
final class DiskResults implements DiskAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(DiskResults.class);

    /** A track that fails so often after it was received whole will not get better. */
    private static final int MAX_BAD = 3;

    private final SlaveEngine engine;
    private final Map<Integer, Integer> badCounts = new HashMap<>();

    DiskResults(SlaveEngine engine) {
        this.engine = engine;
    }

    private Holdings held() {
        return engine.download().held();
    }

    @Override
    public void onChecked(long nowNs) {
        engine.joining().onChecked(nowNs);
    }

    @Override
    public void onRefused(Result why, String because, long nowNs) {
        engine.joining().onRefused(why, because, nowNs);
    }

    @Override
    public void onOpened(long nowNs) {
        engine.onOpened(nowNs);
    }

    @Override
    public void onWaiting(TrackSlot slot, int chainStart) {
        held().tracks().links().onWaiting(slot.track(), chainStart);
    }

    @Override
    public void onUseless(TrackSlot slot) {
        wantAlone(slot.track());
        held().tracks().free(slot);
    }

    @Override
    public void onPartial(int track, UnreadableMap map) {
        held().content().onPartial(track, map);
    }

    @Override
    public void onHashed(int track, TrackKind kind, byte[] digest) {
        held().judgement().onHashed(track, kind, digest);
    }

    @Override
    public void onHashing(boolean isHashed) {
        held().judgement().lone(!isHashed);
    }

    @Override
    public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        held().tally().onWritten(rawBytes);
        held().tracks().free(slot);
        held().tracks().links().onWritten(slot.track());
        if (!engine.download().isVerified()) {
            held().onDone(slot.track(), checksum);
        }
    }

    @Override
    public void onVerified(int track, long checksum) {
        held().onDone(track, checksum);
    }

    @Override
    public void onBadTrack(int track, TrackSlot slot, String why, long nowNs) {
        if (slot != null) {
            held().tracks().free(slot);
        }
        held().content().onBad(track);
        if (track >= held().space().trackCount()) {
            engine.download().comparison().ask(track);
        } else {
            wantAlone(track);
        }
        LOG.warn("track {} is asked for again: {}", track, why);
        if (badCounts.merge(track, 1, Integer::sum) >= MAX_BAD) {
            // What was decoded once and reads back wrong is the disk's fault; what does not decode is not.
            Result result = slot == null ? Result.DISK_ERROR : Result.VERIFY_FAILED;
            engine.goodbye(result, "track " + track + " failed " + MAX_BAD + " times: " + why, nowNs);
        }
    }

    private void wantAlone(int track) {
        held().tracks().links().wantAlone(track);
        held().tracks().unsettle(track);
    }

    @Override
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        held().onSkipped(firstTrack, count, kind);
    }

    @Override
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {
        engine.download().comparison().onDigests(slot, leaves);
    }

    @Override
    public void onCompared(int firstTrack, int count, BitSet found, ByteBuffer leaves) {
        engine.download().comparison().onCompared(firstTrack, count, found, leaves);
    }

    @Override
    public void onSynced(String lack, String remark) {
        held().tally().onSynced(lack, remark);
    }

    @Override
    public void onDiskError(int errno, String why, long nowNs) {
        if (engine.download() == null) {
            engine.joining().onRefused(Result.DISK_ERROR, why, nowNs);
            return;
        }
        held().tally().onError(errno);
        engine.goodbye(Result.DISK_ERROR, why, nowNs);
    }
}
