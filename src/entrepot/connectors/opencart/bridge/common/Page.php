<?php
namespace OmsBridge;

/** One page of rows by primary key: one row more than asked for tells whether there is a next one. */
class Page
{
    public static function of(Db $db, $select, $key, $after, $limit)
    {
        $rows = $db->rows($select . ' WHERE ' . $key . ' > ' . (int)$after . ' ORDER BY ' . $key . ' LIMIT ' . ((int)$limit + 1));
        $next = null;
        if (count($rows) > $limit) {
            array_pop($rows);
            $last = end($rows);
            $next = (int)$last[trim(substr($key, (int)strrpos($key, '.')), '.`')];
        }
        return array($rows, $next);
    }

    public static function column($rows, $name)
    {
        $values = array();
        foreach ($rows as $row) {
            $values[] = $row[$name];
        }
        return $values;
    }

    /** The group of a key with one column taken out of each row, or an empty list. */
    public static function without($groups, $key, $column)
    {
        $rows = array();
        foreach (isset($groups[$key]) ? $groups[$key] : array() as $row) {
            unset($row[$column]);
            $rows[] = $row;
        }
        return $rows;
    }
}
