package org.imgblstr.cli.common.identity;

import java.nio.file.Path;
import org.imgblstr.cli.common.finish.MountedVolume;
import org.imgblstr.cli.common.finish.ToolException;

/** The files of a volume below a folder, until {@link #close}, which may write them back. */
interface VolumeFiles extends AutoCloseable {
    /** Where they are. */
    Path folder();

    @Override
    void close() throws ToolException;

    /**
     * Mounts a volume; a FAT that this kernel cannot mount is copied by mtools, where they are installed.
     *
     * @param options of the mount: {@code ro} or {@code rw}
     * @param node its device
     */
    static VolumeFiles of(Volume volume, String options, String node) throws ToolException {
        try {
            MountedVolume mounted = MountedVolume.of(volume.mountType(), options, node);
            return new VolumeFiles() {
                @Override
                public Path folder() {
                    return mounted.folder();
                }

                @Override
                public void close() throws ToolException {
                    mounted.close();
                }
            };
        } catch (ToolException e) {
            if (!volume.type().equals("vfat") || !FatCopy.isPossible()) {
                throw e;
            }
            return FatCopy.of(node);
        }
    }
}
