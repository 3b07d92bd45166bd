<?php
namespace OmsBridge;

/** Categories, manufacturers, attributes and options. */
class Catalog
{
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->db = $bridge->db;
    }

    public function categories(Call $call)
    {
        list($rows, $next) = $this->page($call, 'category', 'category_id', '`category_id`, `parent_id`, `image`, `sort_order`, `status`');
        $ids = Db::ints(Page::column($rows, 'category_id'));
        $names = $this->names('category_description', 'category_id', $ids);
        $stores = $this->db->grouped('SELECT `category_id`, `store_id` FROM ' . $this->db->table('category_to_store') . ' WHERE `category_id` IN (' . $ids . ') ORDER BY `store_id`', 'category_id');
        foreach ($rows as $i => $row) {
            $rows[$i]['descriptions'] = Page::without($names, $row['category_id'], 'category_id');
            $rows[$i]['stores'] = isset($stores[$row['category_id']]) ? Page::column($stores[$row['category_id']], 'store_id') : array();
        }
        return new Answer($rows, $next);
    }

    public function manufacturers(Call $call)
    {
        list($rows, $next) = $this->page($call, 'manufacturer', 'manufacturer_id', '`manufacturer_id`, `name`, `image`, `sort_order`');
        return new Answer($rows, $next);
    }

    public function attributes(Call $call)
    {
        list($rows, $next) = $this->page($call, 'attribute', 'attribute_id', '`attribute_id`, `attribute_group_id`, `sort_order`');
        $names = $this->names('attribute_description', 'attribute_id', Db::ints(Page::column($rows, 'attribute_id')));
        $groups = $this->names('attribute_group_description', 'attribute_group_id', Db::ints(Page::column($rows, 'attribute_group_id')));
        foreach ($rows as $i => $row) {
            $rows[$i]['descriptions'] = Page::without($names, $row['attribute_id'], 'attribute_id');
            $rows[$i]['group'] = Page::without($groups, $row['attribute_group_id'], 'attribute_group_id');
        }
        return new Answer($rows, $next);
    }

    public function options(Call $call)
    {
        list($rows, $next) = $this->page($call, 'option', 'option_id', '`option_id`, `type`, `sort_order`');
        $ids = Db::ints(Page::column($rows, 'option_id'));
        $names = $this->names('option_description', 'option_id', $ids);
        $values = $this->db->grouped('SELECT `option_id`, `option_value_id`, `image`, `sort_order` FROM ' . $this->db->table('option_value')
            . ' WHERE `option_id` IN (' . $ids . ') ORDER BY `sort_order`, `option_value_id`', 'option_id');
        $words = $this->db->grouped('SELECT `option_value_id`, `language_id`, `name` FROM ' . $this->db->table('option_value_description')
            . ' WHERE `option_id` IN (' . $ids . ') ORDER BY `language_id`', 'option_value_id');
        foreach ($rows as $i => $row) {
            $rows[$i]['descriptions'] = Page::without($names, $row['option_id'], 'option_id');
            $rows[$i]['values'] = Page::without($values, $row['option_id'], 'option_id');
            foreach ($rows[$i]['values'] as $j => $value) {
                $rows[$i]['values'][$j]['descriptions'] = Page::without($words, $value['option_value_id'], 'option_value_id');
            }
        }
        return new Answer($rows, $next);
    }

    private function page(Call $call, $table, $key, $columns)
    {
        $after = $call->number('after_id', 0, 0, 4294967295);
        $limit = $call->number('limit', 100, 1, 1000);
        return Page::of($this->db, 'SELECT ' . $columns . ' FROM ' . $this->db->table($table), '`' . $key . '`', $after, $limit);
    }

    private function names($table, $key, $ids)
    {
        return $this->db->grouped('SELECT `' . $key . '`, `language_id`, `name` FROM ' . $this->db->table($table)
            . ' WHERE `' . $key . '` IN (' . $ids . ') ORDER BY `language_id`', $key);
    }
}
