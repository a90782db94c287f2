/** What a run of a master is to do: mode, options, where the tracks come from, and the disk or image file that it makes. */
package org.imgblstr.cli.master.job;
