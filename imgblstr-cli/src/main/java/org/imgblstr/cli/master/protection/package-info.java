/** How image files are protected: options and questions for their keys, pass phrases and signatures. What is in a file is the business of disk.image. */
package org.imgblstr.cli.master.protection;
