namespace AssetExport.Demo;

/// <summary>A file in the Marketo simulation. Only the hash of its bytes is kept.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name. Several files can have the same name.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Sha1">The SHA-1 of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Writes">The number of times that its content was written.</param>
internal sealed record MarketoServerFile(long Id, string Name, long Size, string Sha1, int Writes);
