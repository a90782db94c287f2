/**
 * {@code --shrink}: the image of a longer disk for a shorter one. The image becomes a sparse file, the tools of the system make the last file
 * system in it smaller, and that file is the source of the run. The partition table is the business of {@code disk.partition}. Knows nothing
 * of targets but their length. Source: docs/targets.md, section 8.
 */
package org.imgblstr.cli.master.shrink;
