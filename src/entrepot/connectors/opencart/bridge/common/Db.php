<?php
namespace OmsBridge;

/**
 * The shop's database connection with a narrow surface.
 *
 * Text goes into SQL as hexadecimal literals only: that is safe under every character set and under every one of the
 * shop's drivers (the PDO driver of 4.0 turns escape() into a placeholder, which breaks when a value is used twice).
 */
class Db
{
    private $adapter;
    private $prefix;
    private $charsets = null;

    public function __construct($adapter, $prefix)
    {
        $this->adapter = $adapter;
        $this->prefix = $prefix;
    }

    public function prefix()
    {
        return $this->prefix;
    }

    public function table($name)
    {
        return '`' . str_replace('`', '', $this->prefix . $name) . '`';
    }

    public function rows($sql)
    {
        $result = $this->adapter->query($sql);
        return is_object($result) ? self::asText($result->rows) : array();
    }

    /** Every value as text or null: the shop's PDO driver answers numbers as numbers, its MySQLi driver as text. */
    private static function asText($rows)
    {
        $native = array();
        foreach ($rows ? $rows[0] : array() as $column => $value) {
            foreach ($rows as $row) {
                if ($row[$column] !== null) {
                    $native[$column] = !is_string($row[$column]);
                    break;
                }
            }
        }
        foreach (array_keys(array_filter($native)) as $column) {
            foreach ($rows as $i => $row) {
                $rows[$i][$column] = $row[$column] === null ? null : (string)$row[$column];
            }
        }
        return $rows;
    }

    public function row($sql)
    {
        $rows = $this->rows($sql);
        return $rows ? $rows[0] : null;
    }

    public function value($sql)
    {
        $row = $this->row($sql);
        return $row === null ? null : reset($row);
    }

    /** Runs a write and answers how many rows it changed. */
    public function run($sql)
    {
        $this->adapter->query($sql);
        return (int)$this->adapter->countAffected();
    }

    public function lastId()
    {
        return (int)$this->adapter->getLastId();
    }

    public function quote($text)
    {
        if ($text === null) {
            return 'NULL';
        }
        $text = Text::valid((string)$text);
        return $text === '' ? "''" : '_utf8mb4 0x' . bin2hex($text);
    }

    /** A list for IN (...); never empty, so the SQL stays valid. */
    public static function ints($values)
    {
        $list = array();
        foreach ($values as $value) {
            $list[(int)$value] = (int)$value;
        }
        return $list ? implode(',', $list) : '-1';
    }

    /** Rows of one query under the value of one of their columns. */
    public function grouped($sql, $column)
    {
        $groups = array();
        foreach ($this->rows($sql) as $row) {
            $groups[$row[$column]][] = $row;
        }
        return $groups;
    }

    /** Runs $work in a transaction. On MyISAM (OpenCart 3) this promises nothing; callers write values safe to repeat. */
    public function together($work)
    {
        $this->adapter->query('START TRANSACTION');
        try {
            $result = $work();
        } catch (\Exception $e) {
            $this->adapter->query('ROLLBACK');
            throw $e;
        } catch (\Throwable $e) {
            $this->adapter->query('ROLLBACK');
            throw $e;
        }
        $this->adapter->query('COMMIT');
        return $result;
    }

    public function lock($name, $seconds)
    {
        return (int)$this->value('SELECT GET_LOCK(' . $this->lockName($name) . ', ' . (int)$seconds . ')') === 1;
    }

    public function unlock($name)
    {
        $this->value('SELECT RELEASE_LOCK(' . $this->lockName($name) . ')');
    }

    private function lockName($name)
    {
        return "CONCAT('oms', MD5(CONCAT(DATABASE(), " . $this->quote($this->prefix . '|' . $name) . ')))';
    }

    /** Whether the connection carries characters beyond the basic plane (OpenCart 3 speaks three-byte utf8). */
    public function carriesEmoji()
    {
        if ($this->charsets === null) {
            $this->charsets = $this->row('SELECT @@character_set_connection AS c, @@character_set_results AS r');
        }
        return $this->charsets['c'] === 'utf8mb4' && $this->charsets['r'] === 'utf8mb4';
    }
}
