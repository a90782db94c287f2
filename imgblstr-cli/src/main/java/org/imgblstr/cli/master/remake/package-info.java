/**
 * An image of which another disk is made before it is restored or sent: {@code --shrink} makes the last partition smaller, {@code --sector-size} gives
 * the disk other sectors. The image becomes a sparse file, which is changed and then is the source of the run. Tables and boot sectors are the
 * business of {@code disk.partition} and {@code disk.use}. Knows nothing of targets but their length. Source: docs/targets.md, sections 8 and 11.
 */
package org.imgblstr.cli.master.remake;
