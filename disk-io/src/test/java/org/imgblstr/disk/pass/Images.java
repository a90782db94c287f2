package org.imgblstr.disk.pass;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageHeader;
import org.imgblstr.disk.image.ImageOrigin;
import org.imgblstr.disk.image.ImageRegion;
import org.imgblstr.disk.image.ImageSource;
import org.imgblstr.disk.image.ImageWriter;
import org.imgblstr.disk.pass.DiskFeed.BadSectors;
import org.imgblstr.disk.pass.DiskFeed.Encoding;
import org.imgblstr.disk.use.TrackUse;

/** Images of disks in memory. */
final class Images {
    private Images() {}

    static Path write(Path path, FakeSource source, String codec, int encoders) throws IOException, RefusedException {
        TrackSpace space = source.space();
        List<ImageRegion> regions = List.of(new ImageRegion(space.regions().get(0), ""));
        ImageHeader header = new ImageHeader(
                new UUID(1, 2),
                Instant.EPOCH,
                space.geometry(),
                regions,
                List.of(),
                0,
                new ImageOrigin(new ImageSource("", "", "", 0), "", codec, "", "", ""));
        try (ImageWriter writer = ImageWriter.create(path, header, false)) {
            new DiskFeed(
                            source,
                            TrackUse.everything(space),
                            Encoding.of(CodecChoice.parse(codec)),
                            BadSectors.SKIP,
                            encoders)
                    .pump(writer, () -> false);
        }
        return path;
    }
}
