namespace AssetExport.Demo;

/// <summary>A file in the stand-in for Marketo. Of its bytes the hash is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; several files may have the same.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha1">The SHA-1 of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Writes">How often its content was written.</param>
internal sealed record MarketoServerFile(long Id, string Name, long Size, string Sha1, int Writes);
