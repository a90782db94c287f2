/** Secrets of sealed sessions on this machine: key files, and who else can read them. What is in a key file is the business of the module sealing. */
package org.imgblstr.cli.common.secrets;
