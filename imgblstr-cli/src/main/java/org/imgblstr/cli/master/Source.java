package org.imgblstr.cli.master;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.imgblstr.cli.common.Plan;
import org.imgblstr.cli.master.pipeline.TrackFeed;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.protocol.session.SessionImage;
import org.imgblstr.protocol.session.TrackRereader;

/** Where the tracks of a run come from: a disk or an image file, open. */
interface Source extends Closeable {
    TrackSpace space();

    /** What an image of this source says about itself. */
    ImageHeader header();

    /** What slaves are told. */
    SessionImage sessionImage();

    /** One pass over all tracks. */
    TrackFeed feed();

    /** Encodes a track once more for a repair. */
    TrackRereader rereader();

    /** Bytes that are read and sent, zeros included: all but what is unused. */
    long usedBytes();

    /** What is read, for the operator. */
    Plan.Step step();

    /** What is on the disk, as far as it was looked at. */
    List<Plan.Volume> volumes();

    @Override
    void close() throws IOException;
}
