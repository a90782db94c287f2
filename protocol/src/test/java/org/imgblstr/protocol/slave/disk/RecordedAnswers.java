package org.imgblstr.protocol.slave.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.TrackSlot;

/** Writes down what a disk answers, one line an answer. */
final class RecordedAnswers implements DiskAnswers, Consumer<DiskAnswer> {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void accept(DiskAnswer answer) {
        answer.tell(this, 0);
    }

    /** The answers since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void onChecked(long nowNs) {
        lines.add("checked");
    }

    @Override
    public void onRefused(Result why, String because, long nowNs) {
        lines.add("refused " + why + " " + because);
    }

    @Override
    public void onOpened(long nowNs) {
        lines.add("opened");
    }

    @Override
    public void onWaiting(TrackSlot slot, int chainStart) {
        lines.add("waiting " + slot.track() + " of " + chainStart);
    }

    @Override
    public void onUseless(TrackSlot slot) {
        lines.add("useless " + slot.track());
    }

    @Override
    public void onPartial(int track, UnreadableMap map) {
        lines.add("partial " + track);
    }

    @Override
    public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
        lines.add("written " + slot.track());
    }

    @Override
    public void onVerified(int track, long checksum) {
        lines.add("verified " + track);
    }

    @Override
    public void onBadTrack(int track, TrackSlot slot, String why, long nowNs) {
        lines.add((slot == null ? "bad on disk " : "bad ") + track);
    }

    @Override
    public void onSkipped(int firstTrack, int count, TrackKind kind) {
        lines.add("skipped " + firstTrack + "+" + count);
    }

    @Override
    public void onDigests(TrackSlot slot, ByteBuffer leaves) {
        lines.add("digests " + slot.track());
    }

    @Override
    public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
        lines.add("compared " + firstTrack + "+" + count + " held " + held.cardinality());
    }

    @Override
    public void onSynced(String lack, String remark) {
        lines.add((lack.isEmpty() ? "synced" : "synced, but " + lack) + (remark.isEmpty() ? "" : ": " + remark));
    }

    @Override
    public void onDiskError(int errno, String why, long nowNs) {
        lines.add("disk error " + errno + " " + why);
    }
}
