/**
 * Used clusters of FAT and exFAT. {@code FatReader} and {@code ExfatReader} are the doors; nothing else is for other packages.
 * Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem.fat;
