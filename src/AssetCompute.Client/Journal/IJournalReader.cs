namespace AssetCompute.Client;

/// <summary>Reads a journal.</summary>
public interface IJournalReader
{
}
