package org.imgblstr.protocol.manifest;

import java.util.BitSet;

/** What a check has said of each track. */
final class RecordedVerdicts implements ManifestCheck.Verdicts {
    final BitSet right = new BitSet();
    final BitSet refused = new BitSet();
    final BitSet forgotten = new BitSet();

    @Override
    public void onRight(int firstTrack, int endTrack) {
        if (right.nextSetBit(firstTrack) >= 0 && right.nextSetBit(firstTrack) < endTrack) {
            throw new AssertionError("a track of " + firstTrack + " to " + endTrack + " is right twice");
        }
        right.set(firstTrack, endTrack);
    }

    @Override
    public void onRefused(int firstTrack, int endTrack) {
        refused.set(firstTrack, endTrack);
    }

    @Override
    public void onForgotten(int firstTrack, int endTrack) {
        forgotten.set(firstTrack, endTrack);
    }
}
