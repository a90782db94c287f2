package org.imgblstr.disk.device;

/**
 * What a person needs to know a disk again.
 *
 * @param path the name it was given by
 * @param device the canonical device or file behind that name
 * @param model "" when unknown
 * @param serial "" when unknown
 * @param sizeBytes size
 * @param sectorBytes logical sector size
 * @param isBlockDevice false for a regular file
 * @param isPartition whether it is a partition's device
 */
public record DiskIdentity(
        String path,
        String device,
        String model,
        String serial,
        long sizeBytes,
        int sectorBytes,
        boolean isBlockDevice,
        boolean isPartition) {}
