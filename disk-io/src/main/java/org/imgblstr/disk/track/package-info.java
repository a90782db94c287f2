/**
 * Tracks of one disk: read with retries and salvage, written, read back, looked at a last time. {@code TrackSource}, {@code TrackTarget} and
 * {@code TrackSink} are what a pass moves tracks from and to. Knows no image file and no network. Specification: docs/architecture.md, sections 3 and 5.
 */
package org.imgblstr.disk.track;
