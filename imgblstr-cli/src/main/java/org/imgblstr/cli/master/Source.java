package org.imgblstr.cli.master;

import java.io.Closeable;
import java.io.IOException;
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

    /** What is read, for the operator. */
    Plan.Step step();

    @Override
    void close() throws IOException;
}
